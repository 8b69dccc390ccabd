/** Spans through OpenTelemetry's API alone: without an SDK in the process they cost next to nothing and go nowhere. */
import { type Context, context, propagation, type Tracer, trace } from '@opentelemetry/api'

export function tracer(): Tracer {
  return trace.getTracer('@ptrm/server')
}

/** The context that a request's headers carry on. */
export function contextOf(headers: Headers): Context {
  return propagation.extract(context.active(), headers, {
    get: (carrier, name) => carrier.get(name) ?? undefined,
    keys: (carrier) => [...carrier.keys()],
  })
}
