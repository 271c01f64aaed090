const remarkMath = require('remark-math').default, rehypeKatex = require('rehype-katex').default;
module.exports = { title: 'Harbour Guide', url: 'https://example.org', baseUrl: '/', favicon: 'img/quay.svg', onBrokenLinks: 'warn',
 markdown: { mermaid: true }, themes: ['@docusaurus/theme-mermaid'],
 presets: [['classic', { docs: { routeBasePath: '/', sidebarPath: require.resolve('./sidebars.js'), editUrl: 'https://example.org/edit/', remarkPlugins: [[remarkMath,{}]], rehypePlugins: [[rehypeKatex,{}]] }, blog: false }]],
 themeConfig: { navbar: { title: 'Harbour' }, footer: { copyright: 'Copyright Harbour' } } };
