// The workload of cron-benchmark for robfig/cron: robfig WORKLOAD ROUNDS
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron"
)

func ask(expression string, start time.Time, found []time.Time) error {
	schedule, err := cron.ParseStandard(expression)
	if err != nil {
		return err
	}
	for i := range found {
		start = schedule.Next(start)
		found[i] = start
	}
	return nil
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	rounds, _ := strconv.Atoi(os.Args[2])
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		zone, err := time.LoadLocation(fields[1])
		if err != nil {
			log.Fatal(err)
		}
		start, _ := strconv.ParseInt(fields[2], 10, 64)
		count, _ := strconv.Atoi(fields[3])
		found := make([]time.Time, count)
		fastest := time.Hour
		for i := 0; i < rounds && err == nil; i++ {
			begin := time.Now()
			err = ask(fields[0], time.Unix(start, 0).In(zone), found)
			if taken := time.Since(begin); taken < fastest {
				fastest = taken
			}
		}
		if err != nil || found[count-1].IsZero() {
			fmt.Println("- refused")
			continue
		}
		fmt.Print(fastest.Nanoseconds())
		for _, occurrence := range found {
			fmt.Print(" ", occurrence.Unix())
		}
		fmt.Println()
	}
}
