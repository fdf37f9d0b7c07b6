const words = {
  more_results: "Show more results",
};
