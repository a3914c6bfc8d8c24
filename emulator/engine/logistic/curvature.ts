import type { Design } from './design.ts'

/** Divides a gradient by the second derivative, in place: the search's first guess of the step. */
export type Curvature = (vector: Float64Array) => void

/** Up to this many weights the whole second derivative is used, above it the diagonal. */
const mostDenseWeights = 512
/** The rows that it is made of are thinned out until it costs about this many gradients. */
const costInGradients = 16

/** A design whose rows all have the same probability, with variance p (1 - p), plus l2 on all weights but the bias. */
export type CurvatureSource = { design: Design; variance: number; l2Weight: number }

/** Makes the curvature of the log loss where every row has the same probability. */
export function createCurvature(source: CurvatureSource): Curvature {
  const { weights, texts } = source.design
  return weights <= mostDenseWeights && texts.length === 0
    ? denseCurvature(source)
    : diagonalCurvature(source)
}

/** Curvature of the diagonal alone: each weight by itself. */
export function diagonalCurvature({ design, variance, l2Weight }: CurvatureSource): Curvature {
  const squares = new Float64Array(design.weights)
  squares[0] = design.rows
  for (let at = 0; at < design.numbers.length; at++) {
    const index = 1 + (at % design.numberCount)
    squares[index] = (squares[index] as number) + (design.numbers[at] as number) ** 2
  }
  for (const index of design.levels) squares[index] = (squares[index] as number) + 1
  for (const { first, column } of design.texts) {
    column.slots.forEach((slot, at) => {
      squares[first + slot] = (squares[first + slot] as number) + (column.counts[at] as number) ** 2
    })
  }
  const diagonal = squares.map((sum, i) => Math.max(variance * sum + (i === 0 ? 0 : l2Weight), 1e-6))
  return (vector) => {
    for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) / (diagonal[i] as number)
  }
}

function denseCurvature({ design, variance, l2Weight }: CurvatureSource): Curvature {
  const size = design.weights
  const stride = Math.ceil((design.numberCount + design.levelCount) / (2 * costInGradients))
  const matrix = sumProducts(design, stride)
  for (let i = 0; i < size * size; i++) matrix[i] = (matrix[i] as number) * variance * stride
  for (let i = 0; i < size; i++) {
    const at = i * size + i
    matrix[at] = (matrix[at] as number) + (i === 0 ? 0 : l2Weight) + 1e-6 * ((matrix[at] as number) + 1)
  }
  factorise(matrix, size)
  return (vector) => solve(matrix, size, vector)
}

/** Lower triangle of the sum over every `stride`-th row of the row times itself. */
function sumProducts({ rows, weights, numbers, numberCount, levels, levelCount }: Design, stride: number) {
  const matrix = new Float64Array(weights * weights)
  const indexes = new Int32Array(1 + numberCount + levelCount)
  const values = new Float64Array(indexes.length).fill(1)
  for (let i = 0; i <= numberCount; i++) indexes[i] = i
  for (let row = 0; row < rows; row += stride) {
    for (let i = 0; i < numberCount; i++) values[1 + i] = numbers[row * numberCount + i] as number
    for (let i = 0; i < levelCount; i++) indexes[1 + numberCount + i] = levels[row * levelCount + i] as number
    for (let i = 0; i < indexes.length; i++) {
      const value = values[i] as number
      const base = (indexes[i] as number) * weights
      for (let j = 0; j <= i; j++) {
        const at = base + (indexes[j] as number)
        matrix[at] = (matrix[at] as number) + value * (values[j] as number)
      }
    }
  }
  return matrix
}

/** Cholesky: replaces the lower triangle by its factor. */
function factorise(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number
      for (let k = 0; k < j; k++) sum -= (matrix[i * size + k] as number) * (matrix[j * size + k] as number)
      if (i === j) matrix[i * size + i] = Math.sqrt(Math.max(sum, 1e-12))
      else matrix[i * size + j] = sum / (matrix[j * size + j] as number)
    }
  }
}

function solve(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = vector[i] as number
    for (let k = 0; k < i; k++) sum -= (factor[i * size + k] as number) * (vector[k] as number)
    vector[i] = sum / (factor[i * size + i] as number)
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = vector[i] as number
    for (let k = i + 1; k < size; k++) sum -= (factor[k * size + i] as number) * (vector[k] as number)
    vector[i] = sum / (factor[i * size + i] as number)
  }
}
