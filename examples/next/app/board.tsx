'use client'

/** The element, in the page alone: React then sets its properties and hears its events. */
import '@ptrm/web'
import type { SolveResult } from '@ptrm/web'
import type {} from '@ptrm/web/react'
import { useState } from 'react'

export default function Board({ puzzle }: { readonly puzzle: string }) {
  const [result, setResult] = useState<SolveResult>()
  return (
    <>
      <ptrm-solver puzzle={puzzle} rollouts={64} onptrm-solved={({ detail }) => setResult(detail)} />
      <output>{result && `Solved by rollout ${result.rollout}, q ${result.q?.toFixed(1)}`}</output>
    </>
  )
}
