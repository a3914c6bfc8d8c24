import type { ApiView } from '../view.ts'
import type { HelpPage } from './frame.ts'
import { helpIndexPage } from './indexPage.ts'
import { jobsPage } from './jobsPage.ts'
import { scorePage } from './scorePage.ts'
import { updatePage } from './updatePage.ts'

/** A help page of an endpoint, as HTML. */
export function renderHelpPage(page: HelpPage, api: ApiView): string {
  switch (page) {
    case '':
      return helpIndexPage(api)
    case 'score':
      return scorePage(api)
    case 'jobs':
      return jobsPage(api)
    case 'update':
      return updatePage(api)
  }
}
