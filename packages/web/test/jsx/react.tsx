/** Compiled only: what React's JSX takes of the tag, and what it refuses.
 * @jsxImportSource react
 */
import type { PtrmSolver } from '../../src/index.ts'
import type {} from '../../src/react.ts'

export function Right({ solver }: { readonly solver: PtrmSolver['solver'] }): unknown {
  return (
    <ptrm-solver
      className="board"
      key="a"
      ref={(element: PtrmSolver | null) => void element?.load()}
      puzzle="52......7.9..6.8...."
      model-url="model.safetensors"
      modelUrl="model.safetensors"
      noise-target="zL"
      stop-rule="all"
      rollouts={64}
      seed={1n}
      stopRule={{ qAbove: 3 }}
      wasmUrl={{ simd128: 'a.wasm', relaxed: 'b.wasm' }}
      no-controls
      readonly
      solver={solver}
      onptrm-solved={({ detail }) => detail.status.length}
      onptrm-puzzle={({ detail: { url } }) => url.length}
    >
      52......7.9..6.8....
    </ptrm-solver>
  )
}

export const wrong: unknown[] = [
  // @ts-expect-error: no such property
  <ptrm-solver puzle="52" />,
  // @ts-expect-error: a number
  <ptrm-solver rollouts="64" />,
  // @ts-expect-error: one of three
  <ptrm-solver noise-target="zX" />,
  // @ts-expect-error: the element sets it
  <ptrm-solver state="solved" />,
  // @ts-expect-error: no such selection
  <ptrm-solver select="first" />,
  // @ts-expect-error: a method
  <ptrm-solver stop="all" />,
  // @ts-expect-error: the event has no such detail
  <ptrm-solver onptrm-solved={({ detail }) => detail.url} />,
]
