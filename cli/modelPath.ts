import { path } from './apiClient.ts'

/** The API path of a model, or of what is below it: `customers/contoso/models/census/runs/3`. Pure. */
export function modelPath(customer: string, model: string, ...rest: readonly (string | number)[]): string {
  return path('customers', customer, 'models', model, ...rest)
}
