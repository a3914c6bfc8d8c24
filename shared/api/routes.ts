import type { Route } from './route.ts'
import { auditRoutes } from './routes/audit.ts'
import { dropRoutes } from './routes/drops.ts'
import { fleetOperationRoutes } from './routes/fleetOperations.ts'
import { gateRoutes } from './routes/gate.ts'
import { healthRoutes } from './routes/health.ts'
import { operationRoutes } from './routes/operations.ts'
import { pauseRoutes } from './routes/pauses.ts'

/** Every route of the API: one line for each file of `routes/`. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...gateRoutes,
  ...dropRoutes,
  ...auditRoutes,
  ...operationRoutes,
  ...pauseRoutes,
  ...fleetOperationRoutes,
]
