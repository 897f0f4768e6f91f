// Command tier4 says what choices in buying detox and rehab would do to waits, drop-out, completions,
// relapse, occupancy and money, how sure that is, and why. `tier4 --help` lists what it can do.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks to stop, the second one kills
	os.Exit(command(ctx, os.Stdin, os.Stdout, os.Stderr, os.Args[1:]))
}
