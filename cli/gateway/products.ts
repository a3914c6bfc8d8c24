import { findProduct, loadProducts, type Product } from '../../gateway/products.ts'
import { UsageError } from '../errors.ts'

/** The products of a file, the built-in ones where none is named; throws UsageError with what is wrong with it. */
export function readProducts(path: string | undefined): readonly Product[] {
  try {
    return loadProducts(path)
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** Throws UsageError where no product is called that. Pure. */
export function requireProduct(products: readonly Product[], name: string): void {
  if (findProduct(products, name) !== undefined) return
  const there = products.map((product) => product.name).join(', ')
  throw new UsageError(`Cannot use the product ${name}: there is none of this name; there are ${there}`)
}
