/** How `custom-elements.json` is made of the element's sources: for editors, documentation and frameworks. */
import { DEFAULT_KIND } from '@ptrm/puzzles'

/** What pages use, at the paths that they have it from. */
function forPages() {
  return {
    name: 'for-pages',
    packageLinkPhase({ customElementsManifest: manifest }) {
      for (const declaration of manifest.modules.flatMap(({ declarations = [] }) => declarations)) {
        declaration.members = declaration.members?.filter(({ privacy = 'public' }) => privacy === 'public')
        // One place dispatches all events; their names stand in the class's comment.
        declaration.events = declaration.events?.filter(({ name }) => name)
      }
      const built = JSON.stringify(manifest)
        .replaceAll(/"(?:\/?src|\.)\/([\w-]+)\.ts"/g, '"dist/$1.js"')
        .replaceAll('"DEFAULT_KIND"', `"'${DEFAULT_KIND}'"`)
      Object.assign(manifest, JSON.parse(built))
    },
  }
}

export default {
  globs: ['index', 'solver-element', 'solver-runs', 'puzzle-property', 'properties'].map(
    (name) => `src/${name}.ts`,
  ),
  outdir: 'dist',
  litelement: true,
  plugins: [forPages()],
}
