import { readSettings, startServer } from '@ptrm/server'

const server = await startServer(readSettings({ flags: { port: 0, log: 'silent', workers: 1 } }))
const puzzle = '52......7.9..6.8....782......193....6......5..7....4..7..3....5.....9..6...4..38.'
const headers = { 'Content-Type': 'application/json' }
const response = await fetch(`${server.url}/v1/solve`, {
  method: 'POST',
  headers,
  body: JSON.stringify({ puzzle }),
})
const { status } = await response.json()
if (status !== 'verified') throw new Error(`not verified: ${status}`)
if (!(await fetch(`${server.url}/docs/swagger-ui.css`)).ok) throw new Error('no page')
if (!(await server.drain())) throw new Error('cut off')
console.log('done')
