/** `/openapi.json` and `/docs`: what the API is, for programs and for people. The page loads nothing from elsewhere. */
import { docsFile } from '../docs-files.ts'
import type { App } from '../http/context.ts'
import { describeApi } from '../schema/describe.ts'
import type { Service } from '../service.ts'

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>ptrm: the API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<main id="api"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
`
const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', validatorUrl: null })\n`
/** Its styles are set by script, and its icons stand in its styles. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
const DAY = 'public, max-age=86400'

export function addDocs(app: App, service: Service): void {
  const description = describeApi(app, service)
  app.get('/openapi.json', (c) => c.json(description))
  app.get('/docs', (c) => c.html(PAGE, 200, { 'Content-Security-Policy': POLICY }))
  const script = { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': DAY }
  const styles = { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': DAY }
  app.get('/docs/start.js', (c) => c.body(START, 200, script))
  app.get('/docs/swagger-ui-bundle.js', (c) => c.body(docsFile('swagger-ui-bundle.js'), 200, script))
  app.get('/docs/swagger-ui.css', (c) => c.body(docsFile('swagger-ui.css'), 200, styles))
}
