"""A small page with Streamlit: what is done in it is answered by Python."""

import streamlit

streamlit.title("Waves")
count = streamlit.slider("count", 1, 10, 3)
streamlit.write(f"count is {count}")
streamlit.line_chart([index % count for index in range(40)])
