// Check characters of the standards.
const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECKS = "10X98765432";
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

const sum = (text, weights, value) => Array.from(text).reduce((all, c, n) => all + value(c) * weights[n % weights.length], 0);
const alphanumeric = (c) => (/\d/.test(c) ? Number(c) : /[A-Z]/.test(c) ? c.charCodeAt(0) - 55 : 0);

/** The check character of seventeen digits, GB 11643-1999. */
export const residentCheck = (body) => RESIDENT_CHECKS[sum(body, RESIDENT_WEIGHTS, Number) % 11];

/** Whether a character is one of GB 32100's. */
export const isOfCredit = (c) => CREDIT_ALPHABET.includes(c);

/** The check character of seventeen places, GB 32100-2015. */
export const creditCheck = (body) =>
  CREDIT_ALPHABET[(31 - (sum(body, CREDIT_WEIGHTS, (c) => Math.max(0, CREDIT_ALPHABET.indexOf(c))) % 31)) % 31];

/** The check character of eight places of an organisation code, GB 11714. */
export const organisationCheck = (body) => {
  const check = 11 - (sum(body, ORGANISATION_WEIGHTS, alphanumeric) % 11);
  return check === 10 ? "X" : check === 11 ? "0" : String(check);
};

/** The check digit of ICAO Doc 9303 part 3: weights 7, 3, 1 in turn. */
export const sevenThreeOne = (body) => String(sum(body, [7, 3, 1], alphanumeric) % 10);

/** Whether this is a date of the calendar in the years 1800 to 2199. */
export const isDate = (year, month, day) => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const last = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year >= 1800 && year < 2200 && last !== undefined && day >= 1 && day <= last;
};
