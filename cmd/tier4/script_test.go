package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tier4": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		context.AfterFunc(ctx, stop)
		os.Exit(command(ctx, os.Stdin, os.Stdout, os.Stderr, os.Args[1:]))
	}})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error { // the example of an extract
			observed, err := filepath.Abs("../../calibration/testdata/observed-a.csv")
			env.Setenv("OBSERVED", observed)
			env.Setenv("AREA", strings.TrimSuffix(observed, ".csv")+".scenario.yaml")
			return err
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exit":   exit,
			"awaits": awaits,
			"ls":     ls,
		},
	})
}

// exit runs the tool and checks its exit code: exit 2 run nowhere.yaml
func exit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE ARGS...")
	}
	runErr := ts.Exec("tier4", args[1:]...)
	got := 0
	if runErr != nil {
		var err error
		got, err = strconv.Atoi(strings.TrimPrefix(runErr.Error(), "exit status "))
		if err != nil {
			ts.Fatalf("tier4 did not exit: %v", runErr)
		}
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

// ls lists all that is in a folder, a name a line: ls some
func ls(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ls FOLDER")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range entries {
		fmt.Fprintln(ts.Stdout(), e.Name())
	}
}

// awaits waits until a file that matches has something in it: awaits '.runs.csv.*'
func awaits(ts *testscript.TestScript, neg bool, args []string) {
	for range 2000 {
		names, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.Size() > 0 {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s stayed empty", args[0])
}
