/** Where a module's neighbour lies: run from the sources (tests) it is a .ts file, from the built package a .js file. */

/** `name` without its extension, relative to the module of `importMetaUrl`. */
export function sourceFile(name: string, importMetaUrl: string): URL {
  return new URL(`${name}.${importMetaUrl.endsWith('.ts') ? 'ts' : 'js'}`, importMetaUrl)
}
