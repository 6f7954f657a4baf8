namespace Kipuka.Plugins.CaFile;
