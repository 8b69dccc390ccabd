/** The documentation site: every page of docs/, the API pages that TypeDoc wrote into docs/api, one search over all. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { type DefaultTheme, defineConfig } from 'vitepress'
import { repositoryLinks, withoutColours } from './markdown.ts'

const require = createRequire(import.meta.url)
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const repository: string = JSON.parse(read('packages/cli/package.json')).repository.url.replace(
  /^git\+|\.git$/g,
  '',
)
const api: DefaultTheme.SidebarItem[] = JSON.parse(read('docs/api/typedoc-sidebar.json'))

const decisions: DefaultTheme.SidebarItem[] = [
  ...read('docs/decisions/README.md').matchAll(/^(\d+\.) \[(.*)\]\((.*)\.md\)$/gm),
].map(([, number, title, page]) => ({
  text: `${number} ${title!.replaceAll('`', '')}`,
  link: `/decisions/${page}`,
}))

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start here',
    items: [
      { text: 'What ptrm is', link: '/' },
      { text: 'How it works', link: '/how-it-works' },
      { text: 'Glossary', link: '/glossary' },
    ],
  },
  {
    text: 'Use it',
    items: [
      { text: 'On the command line', link: '/commands' },
      { text: 'As a library', link: '/library' },
      { text: 'In a page', link: '/embedding' },
      { text: 'On a GPU', link: '/gpu' },
      { text: 'As a service', link: '/serve' },
      { text: 'On many machines', link: '/scale' },
      { text: 'Puzzle kinds', link: '/kinds' },
    ],
  },
  {
    text: 'Your own model',
    items: [
      { text: 'Checkpoints from PyTorch', link: '/import' },
      { text: 'ONNX graphs', link: '/onnx' },
      { text: 'Measuring', link: '/measuring' },
    ],
  },
  {
    text: 'Figures',
    items: [
      { text: 'Results', link: '/results' },
      { text: 'Performance', link: '/performance' },
    ],
  },
  {
    text: 'Inside',
    items: [
      { text: 'Architecture', link: '/architecture' },
      { text: 'Decisions', link: '/decisions/', collapsed: true, items: decisions },
    ],
  },
]

export default defineConfig({
  title: 'ptrm',
  description: 'Logic puzzles solved by many noisy tries of a tiny neural network.',
  srcDir: '../docs',
  rewrites: { 'decisions/README.md': 'decisions/index.md' },
  srcExclude: ['test/**'],
  outDir: 'dist',
  cleanUrls: true,
  // The pages become Vue components, and from where they lie there is no way to this package's Vue.
  vite: {
    build: { chunkSizeWarningLimit: 2000 },
    resolve: { alias: [{ find: /^vue(?=$|\/)/, replacement: dirname(require.resolve('vue/package.json')) }] },
  },
  markdown: {
    languageAlias: { jsonl: 'json' },
    config: (md) => {
      repositoryLinks(md, repository)
      withoutColours(md, ['url', 'grid', 'answer'])
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/how-it-works', activeMatch: '^/(?!api|results|performance)' },
      { text: 'Figures', link: '/results', activeMatch: '^/(results|performance)' },
      { text: 'API', link: '/api/', activeMatch: '^/api' },
    ],
    sidebar: { '/': guide, '/api/': [{ text: 'Packages', items: api }] },
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
  },
})
