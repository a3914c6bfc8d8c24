import { describe, expect, test } from 'vitest'
import { errorPage } from '../../../emulator/pages/errorPage.ts'
import { listPage } from '../../../emulator/pages/listPage.ts'
import { servicePage } from '../../../emulator/pages/servicePage.ts'
import { hostile, hostileText, scoring, training } from './apiView.ts'

const view = { service: scoring.service, endpoints: [scoring.endpoint], search: '', page: 1, found: 1 }

describe('the list', () => {
  test('has training and predictive web services apart, each linked to its page', () => {
    const page = listPage([{ id: 'w', name: 'Workspace', services: [training.service, scoring.service] }])
    const sections = page.split('<h2>').map((part) => part.slice(0, part.indexOf('</h2>')))
    expect(sections.slice(1)).toEqual(['Predictive web services', 'Training web services'])
    expect(page).toContain(
      `href="/portal/workspaces/${scoring.service.workspaceId}/webservices/${scoring.service.id}"`,
    )
  })

  test('says so where a workspace is empty', () => {
    expect(listPage([{ id: 'w', name: 'Workspace', services: [] }])).toContain(
      'No web service has been published',
    )
  })

  test('lets no name become markup', () => {
    const page = listPage([{ id: 'w', name: hostileText, services: [hostile.service] }])
    expect(page.match(/<script/g)).toHaveLength(1)
  })
})

describe('the page of a web service', () => {
  test('has the ids, and the help pages of every endpoint', () => {
    const page = servicePage(view)
    expect(page).toContain(`<code class="copyable">${scoring.service.workspaceId}</code>`)
    expect(page).toContain(`<code class="copyable">${scoring.service.id}</code>`)
    for (const help of ['score', 'jobs', 'update']) {
      expect(page).toContain(`/endpoints/${scoring.endpoint.id}/${help}"`)
    }
  })

  test('lets no description or resource name become markup', () => {
    const page = servicePage({
      ...view,
      service: hostile.service,
      endpoints: [hostile.endpoint],
      search: hostileText,
    })
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<style|style=|\son\w+=/)
  })

  test.each([
    ['a predictive service', scoring, ['test', 'keys', 'refresh', 'delete']],
    [
      'the default endpoint beside others',
      { ...scoring, endpoint: { ...scoring.endpoint, isDefault: true } },
      ['test', 'keys'],
    ],
    [
      'a training service',
      { ...training, endpoint: { ...training.endpoint, isDefault: false } },
      ['keys', 'refresh', 'delete'],
    ],
  ])('has the buttons that make sense for %s', (_when, { service, endpoint }, actions) => {
    const page = servicePage({ ...view, service, endpoints: [endpoint] })
    expect([...page.matchAll(/data-action="(\w+)"/g)].map(([, action]) => action)).toEqual(actions)
  })

  test('takes names of 24 lower-case letters or digits only', () => {
    expect(servicePage(view)).toMatch(
      /<input id="name" name="name" required maxlength="24" pattern="\[a-z0-9\]\{1,24\}"/,
    )
  })

  test('links the pages before and after where there are many endpoints', () => {
    const service = { ...scoring.service, endpointCount: 60 }
    const page = servicePage({ ...view, service, search: 'a', page: 2, found: 60 })
    expect(page).toContain('Page 2 of 3')
    expect(page).toContain('?q=a&page=1">Previous')
    expect(page).toContain('?q=a&page=3">Next')
    expect(page).toContain('<input id="q" name="q" type="search" value="a"')
  })
})

test('a page that is not there says so without markup of the message', () => {
  expect(errorPage(hostileText)).toContain('&lt;script&gt;')
})
