import footnote from 'markdown-it-footnote'
export default { title: 'Harbour Guide', description: 'How a harbour works', cleanUrls: false, lastUpdated: false,
 markdown: { math: true, lineNumbers: true, config: md => md.use(footnote) },
 themeConfig: { nav: [{text:'Guide',link:'/guide'}], sidebar: [{text:'Start',items:[{text:'Guide',link:'/guide'},{text:'Cranes',link:'/cranes'},{text:'Tides',link:'/tides'}]}], footer:{message:'Released under MIT', copyright:'Copyright Harbour'}, editLink:{pattern:'https://example.org/:path'} } }
