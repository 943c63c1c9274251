import { LifeOsError } from '@life-os/plugin-sdk'
import { ZERO, add, compare, divide, fraction, fromDecimal, multiply, negate, toDecimal } from './fraction.ts'
import type { Fraction } from './fraction.ts'

const FUNCTIONS: Readonly<Record<string, (values: Fraction[]) => Fraction>> = {
  sum: (values) => values.reduce(add, ZERO),
  average: (values) => divide(values.reduce(add, ZERO), fraction(BigInt(values.length))),
  min: (values) => values.reduce((least, value) => (compare(value, least) < 0 ? value : least)),
  max: (values) => values.reduce((most, value) => (compare(value, most) > 0 ? value : most)),
  count: (values) => fraction(BigInt(values.length)),
  round: ([value = ZERO, places = ZERO]) => fromSigned(toDecimal(value, Number(places.top)).text),
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([a-z]+)|([-+*/(),%×÷−]))/iy
const DEEPEST = 100

/** The exact value of an expression: + - * / ( ), `%` after a number, and functions. Error: `calculation-invalid` with the place. */
export function evaluate(expression: string): Fraction {
  const tokens = tokensOf(expression)
  let at = 0
  let depth = 0
  const peek = () => tokens[at]?.text
  const take = (text: string): boolean => {
    if (peek() !== text) return false
    at += 1
    return true
  }
  const need = (text: string): void => {
    if (!take(text)) fail(`“${text}” is missing`)
  }
  const fail = (what: string): never => {
    const place = tokens[at]?.at ?? expression.length
    throw invalid(`${what} at character ${place + 1} of the expression`)
  }

  function sum(): Fraction {
    let value = product()
    for (;;) {
      if (take('+')) value = add(value, product())
      else if (take('-')) value = add(value, negate(product()))
      else return value
    }
  }
  function product(): Fraction {
    let value = signed()
    for (;;) {
      if (take('*')) value = multiply(value, signed())
      else if (take('/')) {
        const by = signed()
        if (by.top === 0n) fail('a division by zero ends')
        value = divide(value, by)
      } else return value
    }
  }
  function signed(): Fraction {
    if (++depth > DEEPEST) fail('it is nested too deeply')
    const value = take('-') ? negate(signed()) : take('+') ? signed() : percent(single())
    depth -= 1
    return value
  }
  function percent(value: Fraction): Fraction {
    return take('%') ? percent(divide(value, fraction(100n))) : value
  }
  function single(): Fraction {
    if (take('(')) {
      const value = sum()
      need(')')
      return value
    }
    const token = tokens[at]
    if (token?.kind === 'number') {
      at += 1
      return fromDecimal(token.text)
    }
    return token?.kind === 'name' ? called(token.text.toLowerCase()) : fail('a number is missing')
  }
  function called(name: string): Fraction {
    const work = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
    if (!work) return fail(`there is no “${name}”; there are ${Object.keys(FUNCTIONS).join(', ')}`)
    at += 1
    need('(')
    const values = [sum()]
    while (take(',')) values.push(sum())
    need(')')
    const [, places] = values
    if (name === 'round' && (values.length > 2 || (places && (places.bottom !== 1n || places.top < 0n || places.top > 20n))))
      fail('round takes a value and how many decimals, 0 to 20, which ends')
    return work(values)
  }

  const value = sum()
  return at === tokens.length ? value : fail(`nothing was expected but “${peek() ?? ''}” stands`)
}

interface Token {
  kind: 'number' | 'name' | 'sign'
  text: string
  at: number
}
const SIGNS: Readonly<Record<string, string>> = { '×': '*', '÷': '/', '−': '-' }

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; expression.slice(at).trim() !== ''; at = TOKEN.lastIndex) {
    const [, number, name, sign] = TOKEN.exec(expression) ?? []
    if (number !== undefined) tokens.push({ kind: 'number', text: number.startsWith('.') ? `0${number}` : number, at })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name, at })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: SIGNS[sign] ?? sign, at })
    else throw invalid(`“${expression.slice(at).trim()[0]}” after character ${at} is no part of a calculation; write numbers as 1234.50`)
  }
  return tokens
}

const fromSigned = (text: string): Fraction => (text.startsWith('-') ? negate(fromDecimal(text.slice(1))) : fromDecimal(text))

function invalid(what: string): LifeOsError {
  return new LifeOsError('calculation-invalid', `This cannot be calculated: ${what}.`, { class: 'user', applied: 'no' })
}
