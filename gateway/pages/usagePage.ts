import type { Subscription } from '../subscriptions/subscription.ts'
import type { UsageLine } from '../usage/readUsage.ts'
import { type Html, html } from './html.ts'
import type { UsagePeriod } from './usagePeriods.ts'

/** What the usage page shows. */
export type UsageView = {
  subscriptions: readonly Subscription[]
  /** Product names by id. */
  products: ReadonlyMap<string, { name: string }>
  hours: number
  lines: readonly UsageLine[]
  /** The newest first. */
  periods: readonly UsagePeriod[]
}

/** How long back the page may look, in hours; the first is the usual one. */
export const pageHours = [24, 1, 168, 720]

/** The usage page: subscriptions, and what each called of which operation. Pure; holds no key. */
export function usagePage(view: UsageView): string {
  const { markup } = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Usage - AzureML Demo API</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/gateway.css">
</head>
<body>
<header><h1>AzureML Demo API</h1><nav><a href="/try-it/">Try it</a> <a href="/usage" aria-current="page">Usage</a></nav></header>
<main>
<h2>Subscriptions</h2>
${subscriptionTable(view)}
<h2>Usage of the last ${view.hours} hours</h2>
<p>${pageHours.map((hours) => html`<a href="/usage?hours=${hours}">${hours} h</a>`)}</p>
${usageTable(view.lines)}
<h2>By ${view.hours > 24 ? 'day' : 'hour'} (UTC)</h2>
${periodTable(view.periods)}
</main>
</body>
</html>
`
  return `<!doctype html>\n${markup}`
}

function subscriptionTable({ subscriptions, products }: UsageView): Html {
  if (subscriptions.length === 0) {
    return html`<p>None yet: <code>npm run retrain -- subscriptions add NAME</code></p>`
  }
  const rows = subscriptions.map(
    ({ name, product, state, startsAtMs }) => html`<tr><td>${name}</td>
<td>${products.get(product)?.name ?? product}</td><td>${state}</td><td>${new Date(startsAtMs).toISOString()}</td></tr>`,
  )
  return html`<table><thead>${heads(['Subscription', 'Product', 'State', 'Since'])}</thead><tbody>${rows}</tbody></table>`
}

function usageTable(lines: readonly UsageLine[]): Html {
  if (lines.length === 0) return html`<p>No calls yet.</p>`
  const rows = lines.map((line) => {
    const { subscription, operation, calls, blocked, failed, bytesIn, bytesOut, p50Ms, p95Ms } = line
    const figures = [calls, blocked, failed, bytesIn, bytesOut, p50Ms, p95Ms]
    return html`<tr><td>${subscription}</td><td>${operation}</td>${figures.map((figure) => html`<td class="number">${figure}</td>`)}</tr>`
  })
  const names = ['Calls', 'Blocked', 'Failed', 'Bytes in', 'Bytes out', 'p50 ms', 'p95 ms']
  return html`<table><thead>${heads(['Subscription', 'Operation', ...names])}</thead><tbody>${rows}</tbody></table>`
}

function periodTable(periods: readonly UsagePeriod[]): Html {
  if (periods.length === 0) return html`<p>No calls yet.</p>`
  const most = Math.max(...periods.map(({ calls }) => calls))
  const rows = periods.map(
    ({ from, calls, blocked, failed }) => html`<tr><td>${from}</td>
<td><meter aria-label="calls beside the busiest" min="0" max="${most}" value="${calls}">${calls}</meter></td>${[calls, blocked, failed].map((figure) => html`<td class="number">${figure}</td>`)}</tr>`,
  )
  return html`<table><thead>${heads(['From', 'Compared', 'Calls', 'Blocked', 'Failed'])}</thead><tbody>${rows}</tbody></table>`
}

function heads(names: readonly string[]): Html {
  return html`<tr>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr>`
}
