import { isJsonObject } from '../lib/json/json-value.ts'

/** Says whether a value has a shape. For what the program itself has stored: it starts sooner than a schema would. */
export type Shape<T> = (value: unknown) => value is T

export type ShapeOf<S> = S extends Shape<infer T> ? T : never

export const isText: Shape<string> = value => typeof value === 'string'

export const isNumber: Shape<number> = value => typeof value === 'number'

export function isExactly<const T extends string | boolean>(expected: T): Shape<T> {
  return (value): value is T => value === expected
}

export function isNullable<T>(shape: Shape<T>): Shape<T | null> {
  return value => value === null || shape(value)
}

export function isOptional<T>(shape: Shape<T>): Shape<T | undefined> {
  return value => value === undefined || shape(value)
}

export function isListOf<T>(shape: Shape<T>): Shape<T[]> {
  return value => Array.isArray(value) && value.every(shape)
}

/** A list of exactly these, in this order. */
export function isTupleOf<T extends readonly unknown[]>(
  ...shapes: { [K in keyof T]: Shape<T[K]> }
): Shape<T> {
  return (value): value is T =>
    Array.isArray(value) &&
    value.length === shapes.length &&
    shapes.every((shape, index) => shape(value[index]))
}

export function isOneOf<T extends readonly unknown[]>(
  ...shapes: { [K in keyof T]: Shape<T[K]> }
): Shape<T[number]> {
  return (value): value is T[number] => shapes.some(shape => shape(value))
}

type ObjectOf<T> = { [K in keyof T]: T[K] extends Shape<infer V> ? V : never }

/** An object with at least these keys. */
export function isObjectOf<T extends Readonly<Record<string, Shape<unknown>>>>(
  shapes: T,
): Shape<ObjectOf<T>> {
  const fields = Object.entries(shapes)
  return (value): value is ObjectOf<T> =>
    isJsonObject(value) && fields.every(([key, shape]) => shape(value[key]))
}
