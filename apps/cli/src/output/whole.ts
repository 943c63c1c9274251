import { InvalidArgumentError } from 'commander'

/** A whole number of an option. Errors: bad usage. */
export const whole = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('Give a whole number.')
  return number
}
