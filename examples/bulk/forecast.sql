-- What comes next, from the last three values of a series.
.load ./forecast_sql
CREATE TABLE readings(t INTEGER PRIMARY KEY, v REAL);
WITH RECURSIVE ticks(t) AS (SELECT 0 UNION ALL SELECT t + 1 FROM ticks
                            WHERE t < 99999)
INSERT INTO readings SELECT t, sin(0.31 * t) * cos(0.017 * t) FROM ticks;

SELECT t + 1 AS t, round(forecast(lag(v, 2) OVER w, lag(v) OVER w, v), 3)
  AS expected, round(lead(v) OVER w, 3) AS came
FROM readings WINDOW w AS (ORDER BY t) LIMIT 4 OFFSET 2;

SELECT printf('sqlite: %d rows, off by %.3f on average', count(*),
              avg(abs(y - came)))
FROM (SELECT forecast(lag(v, 2) OVER w, lag(v) OVER w, v) AS y,
             lead(v) OVER w AS came
      FROM readings WINDOW w AS (ORDER BY t)) WHERE y - came IS NOT NULL;
