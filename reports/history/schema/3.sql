-- Version 3: that a series is kept by seconds is said; an empty figure means that it has no value yet.
UPDATE series SET figure = 'seconds'
WHERE figure = '' AND id IN (SELECT series FROM launch WHERE value IS NOT NULL);
