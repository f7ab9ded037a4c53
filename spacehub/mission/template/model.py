"""The model of the mission: a scikit-learn pipeline that takes the columns of mission.toml."""

from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def build(numbers: list[str], words: list[str]) -> Pipeline:
    """Return the pipeline before it is fitted. To predict a number, end it with a regressor such as Ridge."""
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), words),
    )
    return make_pipeline(columns, LogisticRegression(C=1.0, max_iter=2000))
