"""How lists of the API are narrowed. A filter only ever takes rows away from what the person may see."""
