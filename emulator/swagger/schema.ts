import type { ColumnType, ColumnView, ParameterView } from '../pages/view.ts'

const types: Record<ColumnType, { type: string; format?: string }> = {
  Double: { type: 'number', format: 'double' },
  Int32: { type: 'integer', format: 'int32' },
  Boolean: { type: 'boolean' },
  String: { type: 'string' },
}

/** A row of a port. Every column is required: the service refuses rows without one, and a client drops ports without the list. */
export function itemDefinition(columns: readonly ColumnView[]): object {
  return {
    type: 'object',
    required: columns.map((column) => column.name),
    properties: Object.fromEntries(columns.map((column) => [column.name, columnDefinition(column)])),
  }
}

function columnDefinition(column: ColumnView): object {
  const levels = column.levels ?? []
  return levels.length === 0 ? types[column.type] : { ...types[column.type], enum: levels }
}

/** The global parameters; those without a default are required. */
export function parameterDefinition(parameters: readonly ParameterView[]): object {
  const required = parameters.filter((parameter) => parameter.default === undefined)
  return {
    type: 'object',
    // Swagger 2.0 forbids an empty list here.
    ...(required.length > 0 && { required: required.map((parameter) => parameter.name) }),
    properties: Object.fromEntries(
      parameters.map((parameter) => [
        parameter.name,
        {
          type: typeof parameter.default === 'number' ? 'number' : 'string',
          ...(parameter.default !== undefined && { default: parameter.default }),
        },
      ]),
    ),
  }
}
