import com.adobe.epubcheck.tool.EpubChecker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;

/** Checks EPUBs: a line of input is an EPUB and the file for the report on it, with a tab between. */
public class Epubchecks {
    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] files = order.split("\t");
            new EpubChecker().run(new String[] {files[0], "--json", files[1]});
            answers.println(files[0]);
            answers.flush();
        }
    }
}
