import type { Description } from '../describe.ts'

/** What is served, for people: the services and their endpoints, the first ten of each. Keys are shown: clients need them. */
export function printable(description: Description): string {
  const lines = [`Web services at ${description.url}`, `Storage: ${description.storage}`]
  for (const workspace of description.workspaces) {
    lines.push(`Workspace ${workspace.id}  token ${workspace.token}`)
    for (const service of workspace.webServices) {
      lines.push(`  ${service.name}  (${service.kind}, ${service.id})`)
      for (const endpoint of service.endpoints.slice(0, 10)) {
        lines.push(`    ${endpoint.name}  ${endpoint.apiLocation}`, `      key ${endpoint.primaryKey}`)
      }
      const more = service.endpoints.length - 10
      if (more > 0) lines.push(`    and ${more} more`)
    }
  }
  return lines.join('\n')
}
