'use client'

/** The board, left out on the server: of a tag that the server wrote, React 19.3 hears no events. */
import dynamic from 'next/dynamic'

export const Solver = dynamic(() => import('./board'), {
  ssr: false,
  loading: () => <p>Loading the board</p>,
})
