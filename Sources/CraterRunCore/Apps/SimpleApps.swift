/// The list of all simple apps.
package enum SimpleApps {
    package static let all: [any SimpleApp.Type] = [
        Marimo.self,
        Streamlit.self,
        Gradio.self,
        MLflow.self,
        Voila.self,
        Bokeh.self,
        Panel.self,
        VisualDL.self,
        Aim.self,
        Dash.self,
        Datasette.self,
        Netron.self,
        HiPlot.self,
        Ray.self,
        Dask.self,
        CodeServer.self,
    ]
}
