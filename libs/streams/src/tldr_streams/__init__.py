"""How a service follows a stream. Import the modules: `values` and `state` know no technology, and domains use them."""
