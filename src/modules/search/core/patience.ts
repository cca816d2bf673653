/**
 * Waits for `work`, but not longer than `ms`: then throws what `late` makes, and the work goes on; should it fail after that, `onError` is told.
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error, onError: (error: unknown) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      work.catch(onError);
      reject(late());
    }, ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
