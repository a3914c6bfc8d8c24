import { admitAdmin } from './admin/route.ts'
import { admitDataPlane } from './dataPlane/route.ts'
import type { Emulator } from './emulator.ts'
import { jsonAnswer } from './http/answer.ts'
import { pathNotFound } from './http/notFound.ts'
import type { Request } from './http/request.ts'
import type { Admit, Admitted } from './http/server.ts'
import { serviceError } from './http/serviceError.ts'
import { admitManagement } from './management/route.ts'
import { createPageRoutes } from './routes/pageRoutes.ts'

/** Routes every request by its path: pages, data plane, management plane, studio API, admin. */
export function createAdmit(emulator: Emulator): Admit {
  const pages = createPageRoutes(emulator)
  return (request) => {
    const page = pages(request)
    if (page !== undefined) return page
    const [plane, , third] = request.segments
    if (plane === 'workspaces' && third === 'services') return admitDataPlane(emulator, request)
    if (plane === 'subscriptions' && third === 'services') return admitDataPlane(emulator, request)
    if (plane === 'workspaces') return admitManagement(emulator, request)
    if (plane === 'api') return admitStudio(request)
    if (plane === 'admin' && emulator.settings.admin) return admitAdmin(emulator, request)
    throw pathNotFound()
  }
}

/** The studio API's one call that clients need: `GET /api/workspaces/{ws}/datasources` answers null (rule 16 of the contract). */
function admitStudio({ method, segments }: Request): Admitted {
  if (method === 'GET' && segments.length === 1) return { handle: () => jsonAnswer(null) }
  const [, workspaces, , what, , webservice] = segments
  if (method === 'GET' && workspaces === 'workspaces' && what === 'datasources') {
    return { handle: () => jsonAnswer(null) }
  }
  if (what === 'experiments' && webservice === 'webservice') {
    const message =
      'The emulator deploys experiment files of its own: write or change one in a folder of --experiments, and it is published.'
    throw serviceError('NotImplemented', 'ExperimentDeploymentUnsupported', message)
  }
  throw pathNotFound()
}
