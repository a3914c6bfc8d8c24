"""Fits scikit-learn models on command, so that a benchmark can interleave its runs with others.

Usage: fit.py CSV TRAIN_ROWS LABEL POSITIVE NUMERIC,COLUMNS
Prints one JSON line when ready; then reads one command a line (boostedTreesOrdinal, boostedTreesCategorical,
logisticRegression) and answers each with one JSON line {"seconds", "auc"}.

In the clock: boosted trees: fit on a float64 matrix of numbers and level codes (its binning is part of fit).
Logistic regression: one-hot encoding of the level codes, scaling of the numbers, fit. Reading the CSV is not.
"""

import csv
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")


def read(path, label, positive, numeric):
    with open(path, newline="") as file:
        header, *rows = csv.reader(file)
    names = [name for name in header if name != label]
    matrix = np.empty((len(rows), len(names)))
    for place, name in enumerate(names):
        cells = [row[header.index(name)] for row in rows]
        if name not in numeric:
            codes = {level: code for code, level in enumerate(sorted(set(cells)))}
            cells = [codes[cell] for cell in cells]
        matrix[:, place] = np.array(cells, float)
    target = np.array([row[header.index(label)] == positive for row in rows], int)
    return matrix, target, np.array([name not in numeric for name in names])


def boosted_trees(categorical):
    return HistGradientBoostingClassifier(
        max_iter=100,
        max_leaf_nodes=20,
        min_samples_leaf=10,
        learning_rate=0.2,
        early_stopping=False,
        categorical_features=categorical,
    )


def logistic_regression(categorical):
    encode = ColumnTransformer(
        [
            ("numbers", StandardScaler(), np.flatnonzero(~categorical)),
            ("levels", OneHotEncoder(handle_unknown="ignore"), np.flatnonzero(categorical)),
        ]
    )
    return encode, LogisticRegression(C=1)


def main():
    path, train_rows, label, positive, numeric = sys.argv[1:]
    matrix, target, categorical = read(path, label, positive, numeric.split(","))
    train, test = slice(0, int(train_rows)), slice(int(train_rows), None)
    print(json.dumps({"sklearn": sklearn.__version__}), flush=True)
    for command in sys.stdin:
        started = time.perf_counter()
        if command.strip() == "logisticRegression":
            encode, model = logistic_regression(categorical)
            model.fit(encode.fit_transform(matrix[train]), target[train])
            seconds = time.perf_counter() - started
            rows = encode.transform(matrix[test])
        else:
            model = boosted_trees(categorical if command.strip() == "boostedTreesCategorical" else None)
            model.fit(matrix[train], target[train])
            seconds = time.perf_counter() - started
            rows = matrix[test]
        auc = roc_auc_score(target[test], model.predict_proba(rows)[:, 1])
        print(json.dumps({"seconds": seconds, "auc": auc}), flush=True)


main()
