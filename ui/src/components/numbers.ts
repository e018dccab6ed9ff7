/** Numbers as people read them: grouped digits, a true minus sign. */
import { numberFormat } from './locale';

export function count(number: number): string {
  return numberFormat().format(number).replace('-', '−');
}

/** Returns a count with its noun, as in *1 contact*, *1,204 contacts*. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export function signed(number: number): string {
  return number > 0 ? `+${count(number)}` : count(number);
}

export function bytes(number: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let [value, unit] = [number, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${numberFormat({ maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value)} ${units[unit]}`;
}
