"""LifecycleEvent 试点动态: what happens to a project after it is admitted."""
