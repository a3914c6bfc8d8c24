import type { Route } from './route.ts'
import { auditRoutes } from './routes/audit.ts'
import { dropRoutes } from './routes/drops.ts'
import { gateRoutes } from './routes/gate.ts'
import { healthRoutes } from './routes/health.ts'

/** Every route of the API: one line for each file of `routes/`. */
export const routes: readonly Route[] = [...healthRoutes, ...gateRoutes, ...dropRoutes, ...auditRoutes]
