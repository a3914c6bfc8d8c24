import type { Route } from './route.ts'
import { auditRoutes } from './routes/audit.ts'
import { deadLetterRoutes } from './routes/deadLetters.ts'
import { dropRoutes } from './routes/drops.ts'
import { fleetOperationRoutes } from './routes/fleetOperations.ts'
import { gateRoutes } from './routes/gate.ts'
import { handoverRoutes } from './routes/handover.ts'
import { healthRoutes } from './routes/health.ts'
import { holdoutRoutes } from './routes/holdout.ts'
import { lineageRoutes } from './routes/lineage.ts'
import { modelsRoutes } from './routes/models.ts'
import { onboardingRoutes } from './routes/onboarding.ts'
import { openApiRoute } from './routes/openApi.ts'
import { operationRoutes } from './routes/operations.ts'
import { pauseRoutes } from './routes/pauses.ts'
import { refreshRoutes } from './routes/refresh.ts'
import { resumeServiceRoutes } from './routes/resumeService.ts'
import { retentionRoutes } from './routes/retention.ts'
import { runRoutes } from './routes/runs.ts'
import { serviceRoutes } from './routes/services.ts'
import { showModelRoutes } from './routes/showModel.ts'
import { unclaimedRoutes } from './routes/unclaimed.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { whyRoutes } from './routes/why.ts'

/** Every route of the API: one line for each file of `routes/`. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...modelsRoutes,
  ...showModelRoutes,
  ...whyRoutes,
  ...runRoutes,
  ...deadLetterRoutes,
  ...unclaimedRoutes,
  ...resumeServiceRoutes,
  ...gateRoutes,
  ...holdoutRoutes,
  ...dropRoutes,
  ...handoverRoutes,
  ...retentionRoutes,
  ...auditRoutes,
  ...operationRoutes,
  ...pauseRoutes,
  ...fleetOperationRoutes,
  ...onboardingRoutes,
  ...refreshRoutes,
  ...serviceRoutes,
  ...lineageRoutes,
  ...webhookRoutes,
  openApiRoute(() => routes),
]
