/** What may import what: the rules that dependency-cruiser holds the packages to. Types count as imports. */
import { builtinModules } from 'node:module'

/** Each package and those of ours that its code may import. Tests may import more, but no package's inside. */
export const ARROWS = {
  'core-wasm': [],
  models: [],
  puzzles: [],
  checkpoints: ['core-wasm', 'models', 'puzzles'],
  orchestrator: ['checkpoints', 'core-wasm', 'models', 'puzzles'],
  eval: ['checkpoints', 'core-wasm', 'models', 'orchestrator', 'puzzles'],
  queue: ['core-wasm', 'models', 'orchestrator', 'puzzles'],
  web: ['orchestrator', 'puzzles'],
  server: ['models', 'orchestrator', 'puzzles'],
  cli: ['checkpoints', 'eval', 'models', 'orchestrator', 'puzzles', 'queue', 'server'],
}

const TESTS = String.raw`\.(test|contract|bench)\.ts$|/test/`
const NODE_MODULES = `^(node:.*|${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`

const arrows = Object.entries(ARROWS).map(([name, allowed]) => ({
  name: `arrows-of-${name}`,
  comment: `@ptrm/${name} may import ${allowed.map((one) => `@ptrm/${one}`).join(', ') || 'no package of ours'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/`, pathNot: TESTS },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}))

/** What a page or a runtime at the edge loads must reach no Node and none of the packages for servers and terminals. */
const pages = [
  'packages/orchestrator/src/browser.ts',
  'packages/orchestrator/src/edge.ts',
  'packages/orchestrator/src/pool/browser-worker.ts',
  'packages/web/src/index.ts',
]
const forPages = {
  severity: 'error',
  from: { path: `^(${pages.join('|')})$` },
}

export default {
  forbidden: [
    ...arrows,
    {
      name: 'no-circle',
      comment: 'Files that import each other in a circle can only be understood, tested and loaded together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-way-into-a-package',
      comment: 'A package is imported by its name and its exports; its files may move.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|benchmarks)/', pathNot: TESTS },
      to: { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      ...forPages,
      name: 'pages-reach-no-node',
      comment: 'Bundlers for pages follow every import: one of a Node module breaks the page.',
      to: { path: NODE_MODULES, reachable: true },
    },
    {
      ...forPages,
      name: 'pages-reach-no-heavy-package',
      comment: 'checkpoints (protobufjs, yaml), eval, server and cli are for Node; no page ever loads them.',
      to: { path: '^packages/(checkpoints|eval|server|cli)/', reachable: true },
    },
    {
      name: 'the-edge-reaches-no-worker',
      comment: 'Where there are no workers nothing may name one: bundlers would look for its script.',
      severity: 'error',
      from: { path: '^packages/orchestrator/src/edge.ts$' },
      to: { path: '^packages/orchestrator/src/pool/(browser|node)', reachable: true },
    },
    {
      name: 'only-declared-dependencies',
      comment: 'What the code of a package imports must be among its dependencies, or its users miss it.',
      severity: 'error',
      from: {
        path: '^packages/',
        pathNot: `${TESTS}|^packages/(web/(demo/|vite)|cli/bundle|server/docs-page)`,
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/(web/demo/|[^/]+/)(dist|target)/|^packages/web/test/pages/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    webpackConfig: { fileName: 'packaging/arrows/resolve.mjs' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.d.ts'],
    },
  },
}
