/** The plain API, for tests to reach. */
import * as ptrm from '/ptrm/ptrm-solver.js'

globalThis.ptrm = ptrm
