"""Data for viewers to show: fill_apps.py DIRECTORY APP…"""

import sqlite3
import sys
from concurrent.futures import ProcessPoolExecutor


def datasette(directory):
    with sqlite3.connect(f"{directory}/runs.db") as connection:
        connection.execute("CREATE TABLE losses (step INTEGER, loss REAL)")
        connection.executemany("INSERT INTO losses VALUES (?, ?)", [(step, 1 / (step + 1)) for step in range(20)])


def visualdl(directory):
    from visualdl import LogWriter

    with LogWriter(logdir=f"{directory}/logs/train") as writer:
        for step in range(20):
            writer.add_scalar("loss", 1 / (step + 1), step)


def aim(directory):
    from aim import Run

    run = Run(repo=directory, experiment="waves", system_tracking_interval=None, capture_terminal_logs=False)
    for step in range(20):
        run.track(1 / (step + 1), name="loss", step=step)
    run.close()


def mlflow(directory):
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{directory}/mlflow.db")
    run = client.create_run(client.create_experiment("waves"), run_name="first-wave")
    client.log_metric(run.info.run_id, "loss", 0.05)
    client.set_terminated(run.info.run_id)


if __name__ == "__main__":
    directory, *apps = sys.argv[1:]
    # The most of their time goes into imports, so each has a process of its own.
    with ProcessPoolExecutor(len(apps)) as pool:
        for filling in [pool.submit(globals()[app], directory) for app in apps]:
            filling.result()
