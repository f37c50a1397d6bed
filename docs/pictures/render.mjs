// Plans as GitHub shows them in a comment: Markdown by GitHub's dialect, its style sheet and its colours of a `diff`, at the width of a
// comment, in light and dark. `node render.mjs NAME…` makes NAME-light.html and NAME-dark.html of NAME.md; README.md says the rest.
import fs from 'node:fs'
import { marked } from 'marked'
import { createStarryNight } from '@wooorm/starry-night'
import diff from '@wooorm/starry-night/source.diff'
import { toHtml } from 'hast-util-to-html'

const highlighter = await createStarryNight([diff])
const plain = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
marked.use({
  gfm: true,
  renderer: {
    code({ text, lang }) {
      const body = lang === 'diff' ? toHtml(highlighter.highlight(text, 'source.diff')) : plain(text)
      return `<div class="highlight"><pre>${body}</pre></div>`
    },
  },
})
const style = (path) => fs.readFileSync(`node_modules/${path}.css`, 'utf8')
for (const [mode, ground] of [['light', '#ffffff'], ['dark', '#0d1117']]) {
  const styles = [
    style(`github-markdown-css/github-markdown-${mode}`),
    style(`@wooorm/starry-night/style/${mode}`),
    `body { margin: 16px; background: ${ground} } .markdown-body { width: 780px; font-size: 14px }`,
  ]
  for (const name of process.argv.slice(2)) {
    const body = marked.parse(fs.readFileSync(`${name}.md`, 'utf8'))
    const page = `<!doctype html><meta charset="utf-8"><style>${styles.join('\n')}</style><div class="markdown-body">${body}</div>`
    fs.writeFileSync(`${name}-${mode}.html`, page)
  }
}
