"""Reading pages by a remote service: each page is sent alone, and only those a job asks for."""
