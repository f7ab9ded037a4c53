"""A first model for the challenge: fits train.csv, and writes submission.csv for test.csv."""

from pathlib import Path

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = Path(__file__).parent
NUMBERS = ["year", "payload_mass_kg"]
WORDS = ["orbit"]

train, test = pd.read_csv(HERE / "train.csv"), pd.read_csv(HERE / "test.csv")
model = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore"), WORDS),
    ),
    LogisticRegression(),
)
# Trust this score more than the public score on the leaderboard, because it is computed from more rows.
scores = cross_val_score(model, train, train["came_back"], scoring="neg_brier_score", cv=5)
print(f"Brier score in cross-validation: {-scores.mean():.4f}")

model.fit(train, train["came_back"])
answer = pd.DataFrame({"id": test["id"], "probability": model.predict_proba(test)[:, 1]})
answer.to_csv(HERE / "submission.csv", index=False)
print(f"{HERE / 'submission.csv'} has {len(answer)} probabilities.")
