import { type Html, html } from './html.ts'
import { renderPage, table } from './layout.ts'
import { type ServiceView, servicePath, type WorkspaceView } from './view.ts'

const groups = [
  ['predictive', 'Predictive web services'],
  ['training', 'Training web services'],
  ['transform', 'Other web services'],
] as const

/** The portal's front page: the web services of every workspace, training and predictive ones apart. */
export function listPage(workspaces: readonly WorkspaceView[]): string {
  const body = html`<h1>Web services</h1>
${workspaces.map(renderWorkspace)}`
  return renderPage({ title: 'Web services', crumbs: [{ label: 'Web services' }], script: 'copy.js', body })
}

function renderWorkspace(workspace: WorkspaceView): Html {
  const none = html`<p class="empty">No web service has been published in this workspace.</p>`
  return html`<section class="workspace">
<p class="workspace-name"><strong>${workspace.name}</strong> Workspace ID <code class="copyable">${workspace.id}</code></p>
${workspace.services.length === 0 ? none : groups.map((group) => renderGroup(group, workspace.services))}
</section>`
}

function renderGroup([kind, title]: (typeof groups)[number], services: readonly ServiceView[]): Html {
  const ofKind = services.filter((service) => service.kind === kind)
  if (ofKind.length === 0) return html``
  const rows = ofKind.map((service) => [
    html`<a href="${servicePath(service)}"><strong>${service.name}</strong></a><br><span class="quiet">${service.description}</span>`,
    String(service.endpointCount),
    html`<time datetime="${service.createdAt}">${service.createdAt.slice(0, 10)}</time>`,
  ])
  return html`<h2>${title}</h2>
${table(title, ['Name', 'Endpoints', 'Created'], rows)}`
}
