// A child that fails in every way a real one could: for the test that none goes unseen.
process.on('message', ({ index }) => {
  if (index === 1) process.kill(process.pid, 'SIGSEGV');
  if (index === 2) throw new TypeError('out of nowhere');
  if (index === 3) for (;;);
  const answer = { steps: ['none'], mode: 'new', file: 'x.csv', faults: [], ms: 1, rss: 1, files: 1 };
  process.send(
    index === 4
      ? { ...answer, error: 'is wrong', faults: ['a wrong count'], rss: 2 ** 40, files: 1e4 }
      : { ...answer, counts: { read: 3, kept: 1, duplicates: 1, ledger: 1, skipped: 0 } },
  );
});
process.send({ ready: true });
