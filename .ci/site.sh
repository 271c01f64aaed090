# Sourced by the scripts beside it: serve_site FOLDER serves three linked pages from loopback; it sets $site to the
# server's process and $port.
serve_site() {
  local folder=$1 page words
  mkdir "$folder"
  words=$(printf 'Some words about rivers and their bridges. %.0s' {1..20})
  for page in index second third; do
    echo "<title>$page</title><main><h1>The $page page</h1><p>$words</p>
      <p><a href=index.html>First</a> <a href=second.html>Second</a> <a href=third.html>Third</a></p></main>" \
      >"$folder/$page.html"
  done
  python3 -u -m http.server --bind 127.0.0.1 --directory "$folder" 0 >"$folder.log" 2>&1 &
  site=$!
  until port=$(grep --only-matching --perl-regexp 'port \K\d+' "$folder.log"); do sleep 0.1; done
}
