import { describe, expect, test } from 'vitest'
import { type HelpPage, helpPages } from '../../../emulator/pages/help/frame.ts'
import { renderHelpPage } from '../../../emulator/pages/help/pages.ts'
import type { ApiView } from '../../../emulator/pages/view.ts'
import { hostile, scoring, training } from './apiView.ts'

const pages = Object.keys(helpPages) as HelpPage[]
const { workspaceId, id: serviceId } = scoring.service
const api = `http://127.0.0.1:8150/workspaces/${workspaceId}/services/${scoring.endpoint.id}`

/** The page as its reader sees it: markup taken away, references resolved. */
function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

describe.each(pages)('help page "%s"', (page) => {
  test('lets no name, description, column or resource become markup', () => {
    const markup = renderHelpPage(page, hostile)
    expect(markup).not.toContain('<script>')
    expect(markup.match(/<script/g)).toHaveLength(1)
    expect(markup.match(/<pre/g)?.length).toBe(markup.match(/<\/pre>/g)?.length)
    expect(textOf(markup)).toContain(hostile.service.name)
  })

  test('is ASCII and asks for nothing from other hosts', () => {
    const markup = renderHelpPage(page, { ...scoring, service: { ...scoring.service, name: 'Größe 😀' } })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
    expect(markup).toMatch(/^[\x00-\x7f]*$/)
    expect(markup.match(/(src|href)="(?!\/|#|http:\/\/127\.0\.0\.1:8150\/)/g)).toBeNull()
  })

  test('has no style and no script of its own, so that the content security policy may forbid them', () => {
    expect(renderHelpPage(page, scoring)).not.toMatch(/<style|style=|\son\w+=|javascript:/)
  })
})

describe('the page of RRS', () => {
  const text = textOf(renderHelpPage('score', scoring))

  test('has the URL of the endpoint, the columns and a sample of them', () => {
    expect(text).toContain(`POST ${api}/execute?api-version=2.0&details=true`)
    expect(text).toContain(
      '"Inputs": {"input1": {"ColumnNames": ["size", "colour"], "Values": [["12.5", "green"]]}}',
    )
    expect(text).toContain(
      '{"Inputs": {"input1": [{"size": 12.5, "colour": "green"}]}, "GlobalParameters": {}}',
    )
    expect(text).toContain('"Values": [["12.5", "green", "yes", "0.91"]]')
  })

  test('ends with the R sample, found as the R client finds it', () => {
    expect(rSample(renderHelpPage('score', scoring))).toMatch(/^library\(httr\)\nlibrary\(jsonlite\)\n/)
  })

  test('sends readers of a training web service to batch execution', () => {
    const page = renderHelpPage('score', training)
    expect(page).toContain(`/endpoints/${training.endpoint.id}/jobs">batch execution</a>`)
    expect(page).not.toContain('code-snippet')
  })
})

describe('the page of BES', () => {
  const text = textOf(renderHelpPage('jobs', training))

  test('has the four calls with the URL of the endpoint', () => {
    expect(text).toContain(`POST ${api}/jobs?api-version=2.0`)
    expect(text).toContain(`POST ${api}/jobs/{job id}/start?api-version=2.0`)
    expect(text).toContain(`GET ${api}/jobs/{job id}?api-version=2.0`)
    expect(text).toContain(`DELETE ${api}/jobs/{job id}?api-version=2.0`)
  })

  test('names output files by what the port writes, and every global parameter', () => {
    expect(text).toContain('output1results.ilearner')
    expect(text).toContain('output2results.csv')
    expect(text).toContain('"GlobalParameters": {"Number of trees": 100, "Database server name": "value"}')
    expect(text).toContain('none: required')
  })
})

describe('the page of Update Resource', () => {
  const patchUrl = `http://127.0.0.1:8150/workspaces/${workspaceId}/webservices/${serviceId}/endpoints/contoso`

  test('has the PATCH URL, by the name of the endpoint, and the Resource Name', () => {
    const text = textOf(renderHelpPage('update', scoring))
    expect(text).toContain(`PATCH ${patchUrl}`)
    expect(text).toMatch(/Updatable Resources\s+Resource Name\s*Kind\s+Fruit \[trained model\]/)
    expect(text).toContain('"Name": "Fruit [trained model]"')
  })

  test('has the documented sentence, and no sample, where nothing can be updated', () => {
    const page = renderHelpPage('update', training)
    expect(page).toContain(
      'Sorry, but this feature is not supported or available in this context. This Web Service has no updatable resources.',
    )
    expect(page).not.toContain('PATCH')
  })

  test('warns that the default endpoint can not be updated', () => {
    const endpoint = { ...scoring.endpoint, name: 'default', isDefault: true }
    expect(textOf(renderHelpPage('update', { ...scoring, endpoint }))).toContain('a PATCH of it is refused')
    expect(textOf(renderHelpPage('update', scoring))).not.toContain('refused')
  })
})

test('sample code in three languages holds the request as a literal and a place for the key', () => {
  const samples = samplesOf(renderHelpPage('update', scoring))
  expect(Object.keys(samples)).toEqual(['csharp', 'python', 'r'])
  expect(samples.python).toContain('api_key = "<API KEY OF THE ENDPOINT>"')
  for (const sample of Object.values(samples)) expect(sample).toContain('"Fruit [trained model]"')
})

test('sample code of hostile names keeps them within their string literals', () => {
  const { python = '' } = samplesOf(renderHelpPage('score', nasty('a"\nimport os #')))
  expect(python).toContain('"a\\"\\nimport os #"')
  expect(python).not.toContain('\nimport os')
})

function nasty(name: string): ApiView {
  return { ...scoring, inputs: [{ name, columns: [{ name, type: 'String' }], sample: [name] }] }
}

function samplesOf(page: string): Record<string, string> {
  const found = page.matchAll(/<pre tabindex="0" id="code-snippet-(\w+)">\n([\s\S]*?)<\/pre>/g)
  return Object.fromEntries([...found].map(([, language = '', code = '']) => [language, textOf(code)]))
}

/** What the R client of the service does with a help page: tags away line by line, then all behind a word and two characters. */
function rSample(page: string): string {
  const tag = /<\/?\w+((\s+\w+(\s*=\s*(?:".*?"|'.*?'|[^'">\s]+))?)+\s*|\s*)\/?>/g
  const lines = page.split('\n').map((line) => line.replace(tag, '$1').replace(/&.?quot;/g, "'"))
  const text = lines.join('\n')
  const word = 'code-snippet-r'
  return text.slice(text.indexOf(word) + word.length + 2)
}
