import { Layout, Navbar, Footer } from 'nextra-theme-docs'
import { Head } from 'nextra/components'
import { getPageMap } from 'nextra/page-map'
import 'nextra-theme-docs/style.css'
export const metadata = { title: { template: '%s – Beehive', default: 'Beehive' } }
export default async function RootLayout({ children }) {
  return (
    <html lang="en" dir="ltr" suppressHydrationWarning>
      <Head />
      <body>
        <Layout navbar={<Navbar logo={<b>Beehive</b>} projectLink="https://github.com/example/beehive" />} pageMap={await getPageMap()} docsRepositoryBase="https://github.com/example/beehive/tree/main" footer={<Footer>MIT {new Date().getFullYear()} © Beehive.</Footer>}>
          {children}
        </Layout>
      </body>
    </html>
  )
}
