/** Least first. */
const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** Where a program says what it does. Never given a secret, a request's body or a query string. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** A logger that writes lines `<ISO time> <level> <message>`; a message of several lines is indented, so that each entry is told apart. */
export function lineLogger(write: (line: string) => void, least: LogLevel = 'info'): Logger {
  const log = (level: LogLevel, message: string): void => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    write(`${new Date().toISOString()} ${level} ${message.trimEnd().replaceAll('\n', '\n    ')}\n`);
  };
  return {
    debug: (message) => log('debug', message),
    info: (message) => log('info', message),
    warn: (message) => log('warn', message),
    error: (message) => log('error', message),
  };
}

export function isLogLevel(text: string | undefined): text is LogLevel {
  return levels.some((level) => level === text);
}
