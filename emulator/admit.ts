import { admitAdmin } from './admin/route.ts'
import { admitDataPlane } from './dataPlane/route.ts'
import type { Emulator } from './emulator.ts'
import { htmlAnswer, jsonAnswer } from './http/answer.ts'
import { pathNotFound } from './http/notFound.ts'
import type { Request } from './http/request.ts'
import type { Admit, Admitted } from './http/server.ts'
import { admitManagement } from './management/route.ts'

/** Routes every request by its path: data plane, management plane, studio API, admin, and the front page. */
export function createAdmit(emulator: Emulator): Admit {
  return (request) => {
    const [plane, , third] = request.segments
    if (plane === 'workspaces' && third === 'services') return admitDataPlane(emulator, request)
    if (plane === 'subscriptions' && third === 'services') return admitDataPlane(emulator, request)
    if (plane === 'workspaces') return admitManagement(emulator, request)
    if (plane === 'api') return admitStudio(request)
    if (plane === 'admin' && emulator.settings.admin) return admitAdmin(emulator, request)
    if (plane === undefined) return { handle: () => frontPage(emulator) }
    throw pathNotFound()
  }
}

/** The studio API's one call that clients need: `GET /api/workspaces/{ws}/datasources` answers null (rule 16 of the contract). */
function admitStudio({ method, segments }: Request): Admitted {
  if (method === 'GET' && segments.length === 1) return { handle: () => jsonAnswer(null) }
  if (method === 'GET' && segments[1] === 'workspaces' && segments[3] === 'datasources') {
    return { handle: () => jsonAnswer(null) }
  }
  throw pathNotFound()
}

function frontPage(emulator: Emulator) {
  const items = [...emulator.store.workspaces()].flatMap((workspace) =>
    emulator.store.webServicesOf(workspace.id).map((service) => `<li>${escapeHtml(service.name)}</li>`),
  )
  return htmlAnswer(
    `<!doctype html><html lang="en"><title>Web services</title><h1>Web services</h1><ul>${items.join('')}</ul></html>\n`,
  )
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
